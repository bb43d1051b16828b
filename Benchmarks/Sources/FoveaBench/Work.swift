import Fovea

/// What is measured; the peers have the same.
enum Work: String, CaseIterable {
  case lenetTraining = "lenet-training"
  case lenetInference = "lenet-inference"
  case lenetLatency = "lenet-latency"
  case lenet5Training = "lenet5-1998-training"
  case lenet5Inference = "lenet5-1998-inference"
  case lenet5Online = "lenet5-1998-online"
  case mnist2ConvTraining = "mnist-2conv-training"
  case mnist2ConvInference = "mnist-2conv-inference"
  case catsAndDogsTraining = "cats-and-dogs-training"
  case catsAndDogsInference = "cats-and-dogs-inference"
  case folderJPEG = "folder-jpeg"
  case folderReduced = "folder-jpeg-reduced"
  case folderCSV = "folder-jpeg-csv"
  case folderSQLite = "folder-jpeg-sqlite"
  case photographsTraining = "photographs-training"
  case photographsLoading = "photographs-loading"
  case photographsDecoding = "photographs-decoding"
  case photographsReduced = "photographs-decoding-reduced"
  case coldStart = "cold-start"
  case memoryLenetTraining = "memory-lenet-training"

  func measure(_ settings: BenchSettings) throws -> Measurement {
    switch self {
    case .lenetTraining, .lenet5Training, .mnist2ConvTraining, .catsAndDogsTraining:
      return try onNetwork(settings, "images/s") { try $0.training(settings) }
    case .lenetInference, .lenet5Inference, .mnist2ConvInference, .catsAndDogsInference:
      return try onNetwork(settings, "images/s") { try $0.inference(settings) }
    case .lenet5Online: return try onNetwork(settings, "images/s") { try $0.online(settings) }
    case .lenetLatency: return try onNetwork(settings, "µs") { try $0.latency(settings) }
    case .folderJPEG: return Measurement(value: try FolderWork.measure(settings), unit: "images/s")
    case .folderReduced: return Measurement(value: try FolderWork.measure(settings, reduced: true), unit: "images/s")
    case .folderCSV: return Measurement(value: try FolderWork.measure(settings, rows: "csv"), unit: "images/s")
    case .folderSQLite: return Measurement(value: try FolderWork.measure(settings, rows: "sqlite"), unit: "images/s")
    case .photographsTraining: return Measurement(value: try PhotographsWork(settings).training(), unit: "images/s")
    case .photographsLoading: return Measurement(value: try PhotographsWork(settings).loading(), unit: "images/s")
    case .photographsDecoding: return Measurement(value: try PhotographsWork(settings).decoding(), unit: "images/s")
    case .photographsReduced:
      return Measurement(value: try PhotographsWork(settings).decoding(reduced: true), unit: "images/s")
    case .memoryLenetTraining: return try MemoryWork.measure(settings)
    case .coldStart: throw Unsupported(description: "the driver times `fovea classify` itself")
    }
  }

  private func onNetwork(
    _ settings: BenchSettings, _ unit: String, _ body: (NetworkWork) throws -> Double
  ) throws -> Measurement {
    let suffixes = ["-training", "-inference", "-online", "-latency"]
    let name = suffixes.reduce(rawValue) { $0.hasSuffix($1) ? String($0.dropLast($1.count)) : $0 }
    let network = try NetworkWork(name, settings)
    return Measurement(value: try body(network), unit: unit, heldMemoryMB: network.heldMemory)
  }
}

/// What came of a work.
struct Measurement {
  let value: Double
  let unit: String
  /// Where the value is something else.
  var imagesPerSecond: Double?
  /// What the images take that the measurement itself holds.
  var heldMemoryMB: Double?
}
