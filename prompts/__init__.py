"""Words: templates as files, and numbers turned into text and back. Shared by training and serving."""
