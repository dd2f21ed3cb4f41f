@echo off
rem The command line beside the desktop program, on its own Node.
"%~dp0node.exe" "%~dp0bin\isolde.mjs" %*
