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
  case coldStart = "cold-start"
  case memoryLenetTraining = "memory-lenet-training"

  func measure(_ settings: BenchSettings) throws -> (value: Double, unit: String) {
    switch self {
    case .lenetTraining, .lenet5Training, .mnist2ConvTraining, .catsAndDogsTraining:
      return (try network(settings).training(settings), "images/s")
    case .lenetInference, .lenet5Inference, .mnist2ConvInference, .catsAndDogsInference:
      return (try network(settings).inference(settings), "images/s")
    case .lenet5Online: return (try network(settings).online(settings), "images/s")
    case .lenetLatency: return (try network(settings).latency(settings), "µs")
    case .folderJPEG: return (try FolderWork.measure(settings), "images/s")
    case .memoryLenetTraining: return (try MemoryWork.measure(settings), "MB")
    case .coldStart: throw Unsupported(description: "the driver times `fovea classify` itself")
    }
  }

  private func network(_ settings: BenchSettings) throws -> NetworkWork {
    let suffixes = ["-training", "-inference", "-online", "-latency"]
    let name = suffixes.reduce(rawValue) { $0.hasSuffix($1) ? String($0.dropLast($1.count)) : $0 }
    return try NetworkWork(name, settings)
  }
}
