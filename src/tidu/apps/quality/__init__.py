"""What is wrong with the data of the registry, and asking for what is missing."""
