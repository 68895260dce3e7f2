"""Channels: how a message is carried to a webhook, to Slack, to Teams or to a mailbox."""
