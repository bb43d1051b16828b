import Glibc

/// What the system says went wrong, in its own words.
package struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
  package let number: Int32

  /// - Parameter number: the call's `errno`.
  package init(_ number: Int32 = errno) { self.number = number }

  package var description: String { String(cString: strerror(number)) }

  /// Writes all bytes to what is open, however many calls that takes.
  package static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws(SystemError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count > 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      } else if count < 0 && errno == EAGAIN {
        // Whoever started the program may have left a pipe or a terminal that never waits.
        var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&wanted, 1, -1)
      } else if count == 0 || errno != EINTR {
        throw SystemError(count == 0 ? EIO : errno)
      }
    }
  }

  package static func write(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
    try bytes.withUnsafeBufferPointer { bytes throws(SystemError) in
      try write(UnsafeRawBufferPointer(bytes), to: descriptor)
    }
  }
}
