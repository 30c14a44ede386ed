"""What an uploaded file is, by its content alone. Pure: bytes in, a type or a refusal out; nothing is opened, decoded or run."""
