/// Reads a value of any `Decodable` type from what a description says. What does not fit is a ``SettingProblem`` that knows
/// its place.
struct SettingDecoder: Decoder {
  let value: ConfigurationValue
  /// Whose setting it is, for errors.
  let owner: String
  let codingPath: [any CodingKey]

  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = value else { throw mismatch("a group of keys") }
    return KeyedDecodingContainer(SettingGroup(decoder: self, members: members))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = value else { throw mismatch("a list") }
    return SettingList(decoder: self, elements: elements)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }

  func mismatch(_ expected: String) -> SettingProblem {
    SettingProblem(path: codingPath, value: value, expected: expected)
  }

  /// The decoder of what lies one level deeper.
  func member(_ key: any CodingKey, _ value: ConfigurationValue) -> SettingDecoder {
    SettingDecoder(value: value, owner: owner, codingPath: codingPath + [key])
  }

  func read<T: Decodable>(_ type: T.Type) throws -> T {
    do { return try T(from: self) } catch let error as ConfigurationError { throw error } catch {
      throw SettingProblem(error, reading: type, value, at: codingPath)
    }
  }

  private func integer<Number: FixedWidthInteger>() throws -> Number {
    switch value {
    case .integer(let integer):
      guard let exact = Number(exactly: integer) else { throw mismatch(SettingType.wholeNumbers(of: Number.self)) }
      return exact
    case .number(let number) where number == number.rounded():
      guard let exact = Number(exactly: number) else { throw mismatch(SettingType.wholeNumbers(of: Number.self)) }
      return exact
    default: throw mismatch("a whole number")
    }
  }

  private func number<Number: BinaryFloatingPoint>() throws -> Number {
    switch value {
    case .integer(let integer): return Number(integer)
    case .number(let number):
      guard number.isFinite else { throw mismatch("a finite number") }
      let nearest = Number(number)
      guard nearest.isFinite else {
        throw mismatch("a number from \(-Number.greatestFiniteMagnitude) to \(Number.greatestFiniteMagnitude)")
      }
      return nearest
    default: throw mismatch("a number")
    }
  }
}

extension SettingDecoder: SingleValueDecodingContainer {
  func decodeNil() -> Bool { value == .null }

  func decode(_ type: Bool.Type) throws -> Bool {
    guard case .bool(let bool) = value else { throw mismatch("true or false") }
    return bool
  }

  func decode(_ type: String.Type) throws -> String {
    guard case .string(let text) = value else { throw mismatch("a text") }
    return text
  }

  func decode(_ type: Double.Type) throws -> Double { try number() }
  func decode(_ type: Float.Type) throws -> Float { try number() }
  func decode(_ type: Int.Type) throws -> Int { try integer() }
  func decode(_ type: Int8.Type) throws -> Int8 { try integer() }
  func decode(_ type: Int16.Type) throws -> Int16 { try integer() }
  func decode(_ type: Int32.Type) throws -> Int32 { try integer() }
  func decode(_ type: Int64.Type) throws -> Int64 { try integer() }
  func decode(_ type: UInt.Type) throws -> UInt { try integer() }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try integer() }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try integer() }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try integer() }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try integer() }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try read(type) }
}
