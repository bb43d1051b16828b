import Foundation
import FoveaCore
import Glibc

/// What a decoding child is asked, before the file's bytes or without any.
struct ChildOrder: Codable {
  /// Whether to say what the file that comes says of itself, or to decode the last one.
  var inspects: Bool
  var source = ""
  var colorModel = ColorModel.rgb
  var sufficient: [Int]?
  var maximumPixels = 0
  var maximumSide = 0
  /// For which the child ends itself.
  var seconds: Double?
}

/// What it answers, before the pixels or without any.
struct ChildReply: Codable {
  struct Failure: Codable {
    /// Nil where the memory is not enough.
    var reason: String?
    /// The same in a word.
    var word = FailureReason.damaged
    /// Of a picture that is too large.
    var limit: String?
    var needed = ""
  }

  var failure: Failure?
  var width = 0
  var height = 0
  var neededBytes = 0
  var warnings: [String] = []
  /// Width and height of the original.
  var original: [Int] = []
  var transform: [Double] = []
}

/// One end of the connection between a program and its decoding child.
struct ChildConnection {
  enum Failure: Error {
    /// The other end is gone.
    case ended
    /// It has not answered for as long as the socket waits.
    case late
  }

  let descriptor: Int32
  private static let mostHead = 1 << 20

  /// A length of four bytes and one of eight, what the first is the length of, and the rest.
  func send(_ head: some Encodable, _ payload: [UInt8]) throws(Failure) {
    guard let head = try? JSONEncoder().encode(head) else { throw .ended }
    var bytes = [UInt8]()
    withUnsafeBytes(of: UInt32(head.count)) { bytes += $0 }
    withUnsafeBytes(of: UInt64(payload.count)) { bytes += $0 }
    bytes += head
    try send(bytes)
    try send(payload)
  }

  /// The head, and how many bytes of payload follow; those must be received next.
  func receive<Head: Decodable>(_ type: Head.Type) throws(Failure) -> (Head, count: Int) {
    let lengths = try receive(12)
    let headCount = lengths.withUnsafeBytes { Int($0.loadUnaligned(as: UInt32.self)) }
    let count = lengths.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 4, as: UInt64.self) }
    guard headCount <= Self.mostHead, let count = Int(exactly: count),
      let head = try? JSONDecoder().decode(type, from: Data(receive(headCount)))
    else { throw .ended }
    return (head, count)
  }

  /// Nil where there is no memory for so many.
  func payload(_ count: Int) throws(Failure) -> [UInt8]? {
    var failure: Failure?
    let bytes = try? [UInt8](checkedCount: count) { buffer in
      do throws(Failure) { try receive(into: UnsafeMutableRawBufferPointer(buffer)) } catch { failure = error }
      return failure == nil
    }
    if let failure { throw failure }
    return bytes
  }

  private func receive(_ count: Int) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var failure: Failure?
    bytes.withUnsafeMutableBytes { do throws(Failure) { try receive(into: $0) } catch { failure = error } }
    if let failure { throw failure }
    return bytes
  }

  /// How long the socket waits for the other end, from now on.
  func wait(atMost seconds: Double) {
    var time = timeval(tv_sec: Int(seconds), tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
    }
  }

  /// Whether the other end is closed.
  var isEnded: Bool {
    var byte: UInt8 = 0
    return recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) >= 0 || errno != EAGAIN
  }

  private func send(_ bytes: [UInt8]) throws(Failure) {
    var failure: Failure?
    bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count, failure == nil {
        let count = Glibc.send(descriptor, bytes.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
        if count > 0 { done += count } else { failure = Self.failure(count) }
      }
    }
    if let failure { throw failure }
  }

  /// Nil where it is to be tried again.
  private static func failure(_ count: Int) -> Failure? {
    guard count < 0 else { return .ended }
    return switch errno {
    case EINTR: nil
    case EAGAIN: .late
    default: .ended
    }
  }

  private func receive(into bytes: UnsafeMutableRawBufferPointer) throws(Failure) {
    var done = 0
    while done < bytes.count {
      let count = recv(descriptor, bytes.baseAddress! + done, bytes.count - done, 0)
      if count > 0 { done += count } else if let failure = Self.failure(count) { throw failure }
    }
  }
}
