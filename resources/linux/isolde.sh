#!/bin/sh
# The command line beside the desktop program: its own Node, since the program's runtime refuses to act as one.
exec /opt/Isolde/resources/cli/node /opt/Isolde/resources/cli/bin/isolde.mjs "$@"
