"""One module a wire protocol. Each has `fetch_parts` (asks, brings complete bodies) and `parse` (pure)."""
