"""Who signs in with an identity provider (OpenID Connect), and what they may do."""
