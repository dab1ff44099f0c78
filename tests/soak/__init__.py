"""Long proofs that nothing is lost and nothing is said twice: bursts and kills. `make soak` runs them all."""
