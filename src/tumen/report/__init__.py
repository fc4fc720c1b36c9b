"""Tables, sentences and files: reads results, computes nothing new."""
