"""The program behind `./run` and `./test`.

Standard library only: it runs before anything is installed. Everything it makes
lies in the hidden folder `.suite` of the project.
"""
