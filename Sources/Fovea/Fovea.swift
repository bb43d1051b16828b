// One import for all of the toolkit. Whoever wants less imports a module of their choice.
@_exported public import FoveaCore
@_exported public import FoveaData
@_exported public import FoveaExplanation
@_exported public import FoveaImage
@_exported public import FoveaKeras
@_exported public import FoveaLayers
@_exported public import FoveaModel
@_exported public import FoveaONNX
@_exported public import FoveaPictures
@_exported public import FoveaPipeline
@_exported public import FoveaProjection
@_exported public import FoveaTraining
