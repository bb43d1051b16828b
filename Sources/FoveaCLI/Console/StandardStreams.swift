import Glibc

/// What a program must see to before it writes anything.
enum StandardStreams {
  /// A write that fails is to be an error that can be told, and not the end of the program without a word.
  static func prepare() {
    // To a pipe that nobody reads.
    signal(SIGPIPE, SIG_IGN)
    // Beyond the size that `ulimit -f` allows a file.
    signal(SIGXFSZ, SIG_IGN)
    // Where one is closed, the next file that is opened would take its number, and results would be written into it.
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest number that is free is this one. Reading from standard output's place makes writing to it fail.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
