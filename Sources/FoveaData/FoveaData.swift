// The module's files are listed in ARCHITECTURE.md.
