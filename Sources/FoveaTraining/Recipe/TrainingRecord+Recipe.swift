public import FoveaCore
public import FoveaModel

extension TrainingRecord {
  /// Notes a recipe in full: every setting of every kind that it names, and whose those kinds are that are not built in.
  ///
  /// - Throws: ``TrainingError`` where the recipe names what is not there.
  public mutating func note(_ recipe: Recipe, from registry: Registry) throws(TrainingError) {
    let whole = try recipe.completed(in: registry)
    do { self.recipe = try ConfigurationDecoder.encode(whole) } catch { throw .configuration(error) }
    var named = [(noun: Sort.optimizers.noun, kind: whole.optimizer.kind)]
    if let schedule = whole.schedule { named.append((Sort.schedules.noun, schedule.kind.kind)) }
    named += (whole.augmentation?.kinds ?? []).map { (Sort.augmentations.noun, $0.kind) }
    let origins = registry.origins(of: named)
    self.origins = origins.isEmpty ? nil : origins
  }
}
