"""What the standards say of the firms of the registry."""
