public import FoveaCore
public import FoveaModel

extension TrainingRecord {
  /// Notes a recipe in full: every setting of every kind that it names, and whose those kinds are that are not built in.
  ///
  /// - Throws: ``TrainingError`` where the recipe names what is not there.
  public mutating func note(_ recipe: Recipe, from registry: Registry) throws(TrainingError) {
    var whole = try recipe.completed(in: registry)
    // Where files lay is nobody's business; the model file has the network itself.
    whole.data = nil
    if let name = whole.architecture, Architecture.named(name) == nil { whole.architecture = nil }
    do { self.recipe = try ConfigurationDecoder.encode(whole) } catch { throw .configuration(error) }
    var named = [(noun: Sort.optimizers.noun, kind: whole.optimizer.kind)]
    named += (whole.schedule?.kinds ?? []).map { (Sort.schedules.noun, $0.kind) }
    named += (whole.augmentation?.kinds ?? []).map { (Sort.augmentations.noun, $0.kind) }
    named += (whole.metrics?.kinds ?? []).map { (Sort.metrics.noun, $0.kind) }
    named += (whole.observers?.kinds ?? []).map { (Sort.observers.noun, $0.kind) }
    named += (whole.batchAugmentation?.kinds ?? []).map { (Sort.batchAugmentations.noun, $0.kind) }
    let origins = registry.origins(of: named)
    self.origins = origins.isEmpty ? nil : origins
  }
}
