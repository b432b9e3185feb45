"""The section Export."""
