import Foundation
import FoveaCore

/// The JSON document in a model file.
struct ModelDocument {
  /// Raised when a file can say what an older toolkit would misunderstand. Since 2, the checksum is of two CRC-32, weights may
  /// have any ``ElementType``, and inputs may be open; since 3, a network may be quantized, and others are still of 2. Files of all
  /// formats before are read.
  static let format = 3
  private static let formatOfFloats = 2
  /// More than any description takes; the parser's memory is a multiple of it.
  private static let mostBytes = 16 << 20

  var toolkit: String
  var description: ModelDescription
  var origins: [KindOrigin]
  var training: TrainingRecord?
  var quantization: Quantization?
  /// Of the file that the document was read from; nil where its writer gave none.
  private var checksum: String?
  /// What was read, in the one way of writing it, without the checksum.
  private var canonical = ""

  init(
    toolkit: String, description: ModelDescription, origins: [KindOrigin], training: TrainingRecord?,
    quantization: Quantization?
  ) {
    self.quantization = quantization
    self.toolkit = toolkit
    self.description = description
    self.origins = origins
    self.training = training
  }

  /// Reads the document out of a safetensors file's metadata.
  init(metadata: [String: String], file: String) throws(ModelFileError) {
    func invalid(_ problem: String) -> ModelFileError { .invalidDocument(file: file, problem: problem) }
    guard let text = metadata[ModelFile.key] else { throw .notAModel(file: file) }
    guard text.utf8.count <= Self.mostBytes else { throw invalid("it has \(text.utf8.count) bytes") }
    let root: ConfigurationValue
    do { root = try ConfigurationValue(json: Array(text.utf8)) } catch {
      throw invalid("\(error.problem), at byte \(error.offset)")
    }
    guard case .object(var members) = root else { throw invalid("it is no group of keys") }
    if let given = members.removeValue(forKey: "checksum") {
      guard case .string(let text) = given else { throw invalid("'checksum' is no text") }
      checksum = text
    }
    canonical = ConfigurationValue.object(members).json ?? ""
    guard case .integer(let format) = members.removeValue(forKey: "format"),
      case .string(let toolkit) = members.removeValue(forKey: "toolkit")
    else { throw invalid("it needs the keys 'format' and 'toolkit'") }
    guard format <= Self.format else {
      throw .newerFormat(file: file, format: format, newest: Self.format, toolkit: toolkit)
    }
    guard format > 0 else { throw invalid("there is no format \(format)") }
    guard let model = members.removeValue(forKey: "model") else { throw invalid("it needs the key 'model'") }
    self.toolkit = toolkit
    do { description = try ModelDescription(model, source: "'model'") } catch { throw invalid(error.description) }
    origins = try Self.decode([KindOrigin].self, members.removeValue(forKey: "origins"), "origins", file) ?? []
    training = try Self.decode(TrainingRecord.self, members.removeValue(forKey: "training"), "training", file)
    quantization = try Self.decode(
      Quantization.self, members.removeValue(forKey: "quantization"), "quantization", file)
    if let key = members.keys.min() { throw invalid("it has an unknown key '\(key)'") }
  }

  private static func decode<T: Decodable>(
    _ type: T.Type, _ value: ConfigurationValue?, _ key: String, _ file: String
  ) throws(ModelFileError) -> T? {
    guard let value else { return nil }
    do { return try ConfigurationDecoder.read(type, from: value, owner: "'\(key)'") } catch {
      throw .invalidDocument(file: file, problem: error.description)
    }
  }

  /// The document as one line, with the checksum of itself and the tensors; the same content is always the same text.
  func json(with tensors: [String: Tensor], file: String) throws(ModelFileError) -> String {
    var members: [String: ConfigurationValue] = [
      "format": .integer(quantization == nil ? Self.formatOfFloats : Self.format), "toolkit": .string(toolkit),
      "model": description.configurationValue,
    ]
    if !origins.isEmpty { members["origins"] = try Self.encode(origins, "the origins", file) }
    if let training { members["training"] = try Self.encode(training, "the training record", file) }
    if let quantization { members["quantization"] = try Self.encode(quantization, "the quantization", file) }
    // Read back once: a number may be written in several ways, of which the reader sees one.
    guard let json = ConfigurationValue.object(members).json,
      case .object(var read)? = try? ConfigurationValue(json: Array(json.utf8)),
      let canonical = ConfigurationValue.object(read).json
    else {
      throw .invalidDocument(file: file, problem: "a setting is no finite number")
    }
    read["checksum"] = .string(Checksum(document: canonical, tensors: tensors).text)
    return ConfigurationValue.object(read).json ?? json
  }

  /// - Throws: ``ModelFileError/damaged(file:)`` where the file is not as it was written.
  func verify(_ tensors: [String: Tensor], file: String) throws(ModelFileError) {
    guard let checksum else { return }
    guard Checksum.matches(checksum, document: canonical, tensors: tensors) else { throw .damaged(file: file) }
  }

  private static func encode(
    _ value: some Encodable, _ what: String, _ file: String
  ) throws(ModelFileError) -> ConfigurationValue {
    do { return try ConfigurationValue(encoding: value) } catch {
      throw .invalidDocument(file: file, problem: "\(what) cannot be written: \(error)")
    }
  }
}
