"""`python -m tools.demo`."""

from tools.demo.run import main

main()
