"""What several of Quay's bodies have in common: tolerant values, and the shapes of builds, mirrors and quotas."""
