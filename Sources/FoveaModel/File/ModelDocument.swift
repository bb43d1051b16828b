import Foundation
import FoveaCore

/// The JSON document in a model file.
struct ModelDocument {
  /// Raised when a file can say what an older toolkit would misunderstand.
  static let format = 1
  /// More than any description takes; the parser's memory is a multiple of it.
  private static let mostBytes = 16 << 20

  var toolkit: String
  var description: ModelDescription
  var origins: [KindOrigin]
  var training: TrainingRecord?

  init(toolkit: String, description: ModelDescription, origins: [KindOrigin], training: TrainingRecord?) {
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
    guard case .object(var members) = root, case .integer(let format) = members.removeValue(forKey: "format"),
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
    if let key = members.keys.min() { throw invalid("it has an unknown key '\(key)'") }
  }

  private static func decode<T: Decodable>(
    _ type: T.Type, _ value: ConfigurationValue?, _ key: String, _ file: String
  ) throws(ModelFileError) -> T? {
    guard let value else { return nil }
    do { return try JSONDecoder().decode(type, from: JSONEncoder().encode(value)) } catch {
      throw .invalidDocument(file: file, problem: "'\(key)' is not what it should be: \(error)")
    }
  }

  /// The document as one line; the same document is always the same text.
  func json(file: String) throws(ModelFileError) -> String {
    var members: [String: ConfigurationValue] = [
      "format": .integer(Self.format), "toolkit": .string(toolkit), "model": description.configurationValue,
    ]
    if !origins.isEmpty { members["origins"] = try Self.encode(origins, "the origins", file) }
    if let training { members["training"] = try Self.encode(training, "the training record", file) }
    guard let json = ConfigurationValue.object(members).json else {
      throw .invalidDocument(file: file, problem: "a setting is no finite number")
    }
    return json
  }

  private static func encode(
    _ value: some Encodable, _ what: String, _ file: String
  ) throws(ModelFileError) -> ConfigurationValue {
    do { return try JSONDecoder().decode(ConfigurationValue.self, from: JSONEncoder().encode(value)) } catch {
      throw .invalidDocument(file: file, problem: "\(what) cannot be written: \(error)")
    }
  }
}
