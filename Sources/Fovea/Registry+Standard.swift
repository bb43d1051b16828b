public import FoveaCore
import FoveaData
import FoveaExplanation
import FoveaImage
import FoveaLayers
import FoveaModel
import FoveaONNX
import FoveaPipeline
import FoveaProjection
import FoveaTraining

extension Registry {
  /// All kinds that come with the toolkit. Take a copy and register your own in it.
  public static let standard: Registry = {
    var registry = Registry()
    do throws(RegistryError) {
      try BuiltinLayers.register(in: &registry)
      try registry.registerImageKinds()
      try BuiltinONNXLayers.register(in: &registry)
      try BuiltinChecks.register(in: &registry)
      try BuiltinPostprocessing.register(in: &registry)
      try BuiltinViews.register(in: &registry)
      try BuiltinLosses.register(in: &registry)
      try BuiltinOptimizers.register(in: &registry)
      try BuiltinSchedules.register(in: &registry)
      try BuiltinMetrics.register(in: &registry)
      try BuiltinObservers.register(in: &registry)
      try BuiltinRowFormats.register(in: &registry)
      try BuiltinProjections.register(in: &registry)
      try BuiltinExplanations.register(in: &registry)
      try BuiltinBatchAugmentations.register(in: &registry)
    } catch {
      preconditionFailure(error.description)  // unreachable: the built-in kinds have distinct names
    }
    return registry
  }()
}
