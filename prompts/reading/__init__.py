"""What a request says: numbers, lengths of time, months, names, misspelt words."""
