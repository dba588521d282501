"""What a firm is: its name, its trade, and how much it manages."""
