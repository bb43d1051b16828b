import Foundation
import FoveaCore
import FoveaData
public import FoveaModel

extension TrainingRun {
  /// The model as trained so far, with all that belongs to it: what ``ModelFile`` saves and a pipeline runs.
  public var saved: SavedModel { SavedModel(description: description, model: model, training: record) }

  /// How the model came to be.
  public var record: TrainingRecord {
    var record = firstRecord
    record.data = URL(fileURLWithPath: dataName).standardizedFileURL.lastPathComponent
    record.trainingCount = training.count
    record.validationCount = validation?.count
    let leftOutCount = leftOut.reduce(failures.count) { $0 + $1.count }
    record.leftOutCount = leftOutCount > 0 ? leftOutCount : nil
    record.epochs = history.count
    record.batchSize = recipe.batchSize
    record.optimizer = recipe.optimizer.kind
    record.settings = recipe.optimizer.configuration
    let pass = end != nil && recipe.restoresBest ? best : history.last
    record.weightsOf = pass?.epoch == history.last?.epoch ? nil : pass?.epoch
    record.loss = pass?.validationLoss
    record.accuracy = pass?.validationAccuracy
    record.seed = settings.seed
    record.parts = parts
    record.threads = decidingThreads
    record.precision = model.precision
    record.kernels = "\(VectorInstructions.best), oneDNN \(KernelThreads.backendVersion)"
    return record
  }

  /// How many threads compute, where the weights depend on it: one part is computed by all cores together, which round by
  /// how many they are.
  var decidingThreads: Int? { parts == 1 && recipe.batchSize > 1 ? threads : nil }
}
