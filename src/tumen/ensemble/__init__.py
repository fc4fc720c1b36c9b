"""Many runs of a case, each with all figures drawn from their ranges."""
