"""Page kinds of the site, one module each: tables in, a plain context for a template out."""
