import FoveaCore
import Synchronization

extension ONNXTensor {
  /// More elements in one tensor are refused before there is memory for them.
  static let mostElements = 1 << 33

  /// Reads the elements of a message.
  ///
  /// - Parameter external: what finds a tensor's elements that lie in another file.
  init(_ message: TensorMessage, external: ExternalData?) throws(ONNXError) {
    guard let type = ONNXElementType(rawValue: Int(truncatingIfNeeded: message.type)) else {
      throw message.failure("elements of type \(message.type) are not supported")
    }
    var dimensions: [Int] = []
    for extent in message.dimensions {
      guard extent >= 0, extent <= Shape.largestExtent else { throw message.failure("an extent of \(extent)") }
      dimensions.append(Int(extent))
    }
    guard let count = Strides.count(dimensions), count <= Self.mostElements else {
      throw message.failure("dimensions \(message.dimensions) with more elements than memory can hold")
    }
    guard let bitCount = type.bitCount else {
      guard message.strings.count == count else {
        throw message.failure("\(count) elements expected, but \(message.strings.count) strings given")
      }
      self.init(message.strings.map(\.text), dimensions)
      return
    }
    let raw = message.isExternal ? try external?.region(of: message) : message.raw
    guard !message.isExternal || raw != nil else {
      throw message.failure("its elements are in a file of their own, which can be read only beside a file")
    }
    func made<T: ONNXElement>(_ type: T.Type) throws(ONNXError) -> ONNXTensor {
      if let raw { return ONNXTensor(try Self.elements(T.self, count, bitCount, raw: raw, message), dimensions) }
      return ONNXTensor(try Self.elements(T.self, count, bitCount, message), dimensions)
    }
    self = try made(type.swiftType)
  }

  private static func elements<T: ONNXElement>(
    _ type: T.Type, _ count: Int, _ bitCount: Int, raw: ByteRegion, _ message: TensorMessage
  ) throws(ONNXError) -> [T] {
    let expected = (count * bitCount + 7) / 8
    guard raw.count == expected else {
      throw message.failure("\(expected) bytes of elements expected, but \(raw.count) given")
    }
    do throws(OutOfMemory) { try OutOfMemory.check(count * MemoryLayout<T>.stride) } catch {
      throw message.failure("there is not enough memory for its \(error.bytes) bytes")
    }
    return raw.withBytes { bytes in
      // The machines that this runs on are little endian, as the file is.
      if T.self == Float.self || T.self == Int64.self || T.self == Double.self || T.self == UInt8.self
        || T.self == Int8.self || T.self == Int32.self
      {
        return [T](unsafeUninitializedCapacity: count) { target, initialized in
          UnsafeMutableRawBufferPointer(target).copyMemory(from: bytes)
          initialized = count
        }
      }
      let byteCount = bitCount / 8
      guard byteCount > 0 else {
        return (0..<count).map { T(bits: UInt64(bytes[$0 / 2] >> ($0 % 2 == 0 ? 0 : 4) & 15)) }
      }
      return (0..<count).map { index in
        var bits = 0 as UInt64
        for byte in (0..<byteCount).reversed() { bits = bits << 8 | UInt64(bytes[index * byteCount + byte]) }
        return T(bits: bits)
      }
    }
  }

  private static func elements<T: ONNXElement>(
    _ type: T.Type, _ count: Int, _ bitCount: Int, _ message: TensorMessage
  ) throws(ONNXError) -> [T] {
    let result: [T]
    if T.self == Float.self {
      result = message.floats as? [T] ?? []
    } else if T.self == Double.self {
      result = message.doubles as? [T] ?? []
    } else if bitCount == 4 {
      // Two in each number, the lower four bits first.
      result = Array(message.numbers.flatMap { [T(bits: $0 & 15), T(bits: $0 >> 4 & 15)] }.prefix(count))
    } else {
      result = message.numbers.map { T(bits: $0) }
    }
    guard result.count == count else {
      throw message.failure("\(count) elements expected, but \(result.count) given")
    }
    return result
  }
}

extension ONNXValue {
  /// Reads a tensor's, a sequence's or an optional value's message.
  init(_ message: ValueMessage) throws(ONNXError) {
    switch message {
    case .tensor(let tensor): self = .tensor(try ONNXTensor(tensor, external: nil))
    case .sequence(let values):
      self = .sequence(try values.map { value throws(ONNXError) in try ONNXValue(value) })
    case .optional(nil): self = .optional(nil)
    case .optional(let value?): self = .optional(try ONNXValue(value))
    }
  }
}

/// The files beside a model that hold its larger tensors, each mapped once.
final class ExternalData: Sendable {
  private let folder: String
  private let owners = Mutex<[String: ByteOwner]>([:])

  /// - Parameter folder: with a slash at its end, or empty.
  init(folder: String) { self.folder = folder }

  func region(of message: TensorMessage) throws(ONNXError) -> ByteRegion {
    guard let location = message.external["location"], !location.isEmpty else {
      throw message.failure("its elements are in a file of their own, but nothing says in which")
    }
    // A model must not make us read whatever it likes.
    guard !location.hasPrefix("/"), !location.split(separator: "/").contains("..") else {
      throw message.failure("its elements are in '\(location)', which is not in the model's folder")
    }
    func number(_ key: String) throws(ONNXError) -> Int? {
      guard let text = message.external[key], !text.isEmpty else { return nil }
      guard let value = Int(text), value >= 0 else { throw message.failure("its \(key) is '\(text)'") }
      return value
    }
    let all = ByteRegion(try owner(location))
    let offset = try number("offset") ?? 0
    let count = try number("length") ?? max(all.count - offset, 0)
    let (end, isTooMuch) = offset.addingReportingOverflow(count)
    guard !isTooMuch, let part = all.part(offset..<end) else {
      throw message.failure("\(count) bytes at \(offset) are not in '\(location)', which has \(all.count)")
    }
    return part
  }
  private func owner(_ location: String) throws(ONNXError) -> ByteOwner {
    try owners.withLock { owners throws(ONNXError) in
      if let known = owners[location] { return known }
      let owner = try ByteOwner(path: folder + location)
      owners[location] = owner
      return owner
    }
  }
}
