"""The outside world of files: paths, environment variables, the bytes of a file."""
