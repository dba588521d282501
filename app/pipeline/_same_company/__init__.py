"""What a row says, in a form that can be compared, and the rules that compare it."""
