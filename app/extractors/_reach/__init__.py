"""Numbers and addresses: how pages hide them, and whose they are when they are not the firm's."""
