"""The report's sections: each turns findings into words, tables and charts."""
