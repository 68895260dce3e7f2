"""What an e-mail address is where somebody writes one down: whom to let in, and where mail goes.

What stands before the @ is looked at by each: a mailbox goes into the header of a mail, and must not be able to say
more there; an address that is let in is only compared with what a provider says.
"""

LONGEST_EMAIL = 254
"""https://www.rfc-editor.org/errata/eid1690"""

DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
"""What stands behind it, as a regular expression, in lower case: a whole domain in ASCII."""
