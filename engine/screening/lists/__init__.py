"""The formats in which publishers give out lists: one module each, all read into the same shape, bounded in memory."""
