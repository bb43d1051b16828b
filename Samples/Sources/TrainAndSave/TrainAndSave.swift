import Fovea

@main
struct TrainAndSave {
  static func main() throws {
    let folder = CommandLine.arguments.dropFirst().first ?? "/usr/share/datasets/fashion-mnist"
    let data = try Dataset.open(folder, part: .training).split(validationFraction: 0.1, seed: 0)
    var run = try TrainingRun(
      ModelDescription(named: "lenet"), registry: .standard, training: data.training, validation: data.validation)
    try run.checkImages()
    while let event = try run.next() {
      if case .passEnded(let pass) = event { print(pass.epoch, pass.loss, pass.validationAccuracy ?? 0) }
    }
    try ModelFile.save(run.saved, registry: .standard, to: "model.safetensors")
  }
}
