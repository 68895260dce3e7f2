"""The local stack: the template of this repository, deployed to an AWS emulator on this machine."""

from tools.stack.emulator import free_port
from tools.stack.lifecycle import Stack, clean, down, up
from tools.stack.progress import StackError
from tools.stack.settings import Settings

__all__ = ["Settings", "Stack", "StackError", "clean", "down", "free_port", "up"]
