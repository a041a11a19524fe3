// The one place that asks for the operating system. VarveFormat builds anywhere.
#if !os(Linux)
  #error("Varve runs on Linux only: its writer and its transfers are built on Linux system calls.")
#endif
