"""The adapters: the only files that touch networks, disks and frameworks on behalf of the ports."""
