"""The engine's command, the virtual environment and the local state: what a checkout needs before anything can run.

Here: finding, installing or building `pulumi` with its Python language host, and setting up a checkout. A map:

__main__     `python -m wpf_infra.toolchain setup`      acquire      the three ways to an engine, one after the other
checkout     one checkout, set up from top to bottom    on_path      way one: it is there already
venv         its virtual environment                    installer    way two: the SDK's own installer
state        its state folder and passphrase            build        way three: from the Go module proxy
activation   its activate script                        golang       a Go to build with
environment  the variables its engine runs with         cache, lock  a per-user place, filled once, safely
stamp        what was done before                       child, complaint, progress   programs run, and what is said
host_python  the Python that the engine starts

Not here: anything that declares, previews or applies; and nothing heavy is imported, since `make` runs this with a
bare Python before anything is installed.
"""
