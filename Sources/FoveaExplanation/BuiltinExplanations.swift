public import FoveaCore

/// The methods of explanation that come with the toolkit, in one visible list.
public enum BuiltinExplanations: BuiltinKinds {
  public static var sort: Sort<any ExplanationMethod.Type> { .explanations }
  public static let all: [any ExplanationMethod.Type] = [
    GradCAM.self, GradCAMPlusPlus.self, HiResCAM.self, LayerCAM.self, XGradCAM.self, ScoreCAM.self, AblationCAM.self,
    EigenCAM.self, EigenGradCAM.self, InputGradient.self, GradientTimesInput.self, SmoothGrad.self,
    IntegratedGradients.self, GuidedBackpropagation.self, Deconvolution.self, LayerwiseRelevance.self, Occlusion.self,
    RISE.self,
  ]
}
