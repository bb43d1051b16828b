import Foundation
import FoveaCore
import Glibc
import Synchronization

/// Decodes pictures in processes of their own, one for each thread that decodes: a codec that crashes or never ends costs one
/// picture.
public final class IsolatedDecoding: Sendable {
  /// The program that is the child, and what it is told to be one.
  private let command: [String]
  private let seconds: Double?
  private let idle = Mutex<[Child]>([])

  /// - Parameters:
  ///   - command: a program with its arguments that calls ``DecodingChild/serve(_:)`` with its standard input.
  ///   - seconds: for which a picture may take; nil for no bound.
  public init(command: [String], seconds: Double? = nil) {
    self.command = command
    self.seconds = seconds
  }

  /// What one child knows of one picture.
  final class Work {
    private let child: Child
    private let owner: IsolatedDecoding

    fileprivate init(child: Child, owner: IsolatedDecoding) { (self.child, self.owner) = (child, owner) }

    deinit { owner.giveBack(child) }

    /// What the file says of itself, and how much decoding takes.
    func inspect(
      _ bytes: [UInt8], _ decoder: ImageDecoder, _ source: String
    ) throws(ImageError) -> (width: Int, height: Int, needed: Int) {
      let order = ChildOrder(
        inspects: true, source: source, colorModel: decoder.colorModel,
        sufficient: decoder.sufficientSize.map { [$0.width, $0.height] }, maximumPixels: decoder.maximumPixels,
        maximumSide: decoder.maximumSide, seconds: owner.seconds)
      let reply = try ask(order, bytes, source).reply
      return (reply.width, reply.height, reply.neededBytes)
    }

    /// The file that was inspected last.
    func decode(_ decoder: ImageDecoder, _ source: String) throws(ImageError) -> DecodedImage {
      let (reply, pixels) = try ask(ChildOrder(inspects: false, seconds: owner.seconds), [], source)
      let image = try Image(
        width: reply.width, height: reply.height, channels: decoder.colorModel.channels, pixels: .bytes(pixels))
      guard reply.original.count == 2, reply.transform.count == 6 else { throw child.failure(source, owner.seconds) }
      let t = reply.transform
      let geometry = PictureGeometry(
        original: ImageSize(width: reply.original[0], height: reply.original[1]), input: image.size,
        transform: AffineTransform(a: t[0], b: t[1], c: t[2], d: t[3], tx: t[4], ty: t[5]))
      return DecodedImage(image: image, warnings: reply.warnings, geometry: geometry)
    }

    private func ask(
      _ order: ChildOrder, _ bytes: [UInt8], _ source: String
    ) throws(ImageError) -> (reply: ChildReply, pixels: [UInt8]) {
      let answer: (ChildReply, [UInt8]?)
      do throws(ChildConnection.Failure) {
        try child.connection.send(order, bytes)
        let (reply, count) = try child.connection.receive(ChildReply.self)
        answer = (reply, try child.connection.payload(count))
      } catch { throw child.failure(source, owner.seconds, isLate: error == .late) }
      guard let pixels = answer.1 else {
        // What was not received would be taken for the next answer.
        child.end()
        throw .outOfMemory(source: source, needed: "its pixels")
      }
      guard let failure = answer.0.failure else { return (answer.0, pixels) }
      guard let reason = failure.reason else { throw .outOfMemory(source: source, needed: failure.needed) }
      guard let limit = failure.limit else { throw .undecodable(source: source, reason: reason, as: failure.word) }
      let sides = reason.split(separator: "×").compactMap { Int($0) }
      throw .tooLarge(source: source, width: sides.first ?? 0, height: sides.last ?? 0, limit: limit)
    }
  }

  /// A child that nobody else uses, a new one where all are at work.
  func begin(_ source: String) throws(ImageError) -> Work {
    // One that somebody has killed since is no picture's fault.
    while let child = idle.withLock({ $0.popLast() }) {
      if !child.connection.isEnded { return Work(child: child, owner: self) }
    }
    do throws(SystemError) { return Work(child: try Child(command, seconds), owner: self) } catch {
      throw .undecodable(
        source: source, reason: "no process to decode it in can be started: \(error)", as: .failed)
    }
  }

  fileprivate func giveBack(_ child: Child) {
    if !child.isEnded { idle.withLock { $0.append(child) } }
  }

  /// A process; one thread at a time uses it.
  fileprivate final class Child: @unchecked Sendable {
    let connection: ChildConnection
    private let process: pid_t
    private(set) var isEnded = false

    init(_ command: [String], _ seconds: Double?) throws(SystemError) {
      var ends: [Int32] = [-1, -1]
      let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
      guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw SystemError() }
      var actions = posix_spawn_file_actions_t()
      posix_spawn_file_actions_init(&actions)
      defer { posix_spawn_file_actions_destroy(&actions) }
      posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO)
      // What codecs say there is nobody's concern.
      posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
      posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
      var attributes = posix_spawnattr_t()
      posix_spawnattr_init(&attributes)
      defer { posix_spawnattr_destroy(&attributes) }
      // In a group of its own, ctrl-C does not reach it: it ends with the connection.
      posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
      posix_spawnattr_setpgroup(&attributes, 0)
      var signals = sigset_t()
      sigemptyset(&signals)
      posix_spawnattr_setsigmask(&attributes, &signals)
      let arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
      let variables: [UnsafeMutablePointer<CChar>?] =
        ProcessInfo.processInfo.environment.map { strdup("\($0)=\($1)") } + [nil]
      defer { for text in arguments + variables { free(text) } }
      var process: pid_t = 0
      let status = posix_spawn(&process, command[0], &actions, &attributes, arguments, variables)
      close(ends[1])
      guard status == 0 else {
        close(ends[0])
        throw SystemError(status)
      }
      self.process = process
      connection = ChildConnection(descriptor: ends[0])
      // The child ends itself, unless it is stopped.
      if let seconds { connection.wait(atMost: seconds + 2) }
    }

    deinit { end() }

    /// - Parameter kills: false where it has closed its end and so ends by itself.
    /// - Returns: how it ended, as `waitpid` says.
    @discardableResult
    func end(kills: Bool = true) -> Int32 {
      guard !isEnded else { return 0 }
      isEnded = true
      close(connection.descriptor)
      if kills { kill(process, SIGKILL) }
      var status: Int32 = 0
      while waitpid(process, &status, 0) < 0 && errno == EINTR {}
      return status
    }

    /// Why a child does not answer any more.
    func failure(_ source: String, _ seconds: Double?, isLate: Bool = false) -> ImageError {
      let status = end(kills: isLate)
      let signal = status & 0x7F
      if isLate || signal == SIGALRM, let seconds {
        return .undecodable(
          source: source, reason: "it took longer than \(seconds) seconds (--timeout-per-picture)", as: .failed)
      }
      guard signal != 0 else {
        return .undecodable(
          source: source, reason: "its decoder ended with status \(status >> 8 & 0xFF)", as: .failed)
      }
      return .undecodable(
        source: source, reason: "its decoder crashed: signal \(signal), \(String(cString: strsignal(signal)))",
        as: .failed)
    }
  }
}
