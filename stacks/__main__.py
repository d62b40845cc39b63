"""The program of every stack: the engine runs this folder."""

from wpf_infra.declare.program import run

run()
