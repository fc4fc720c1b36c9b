"""The report as a page: sections with charts, tables and downloads, in one offline file."""
