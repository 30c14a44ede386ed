"""Long work done beside the pages: queued, claimed, held by a lease, and never half done."""
