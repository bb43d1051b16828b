import FoveaCore
import FoveaExplanation
import FoveaModel
import Testing

/// The methods agree with pytorch-grad-cam and Captum on the same weights.
@Suite struct MethodTests {
  static let methods: [any ExplanationMethod] = [
    GradCAM(), GradCAMPlusPlus(), HiResCAM(), LayerCAM(), XGradCAM(), ScoreCAM(), AblationCAM(), InputGradient(),
    GradientTimesInput(), IntegratedGradients(), GuidedBackpropagation(), Deconvolution(),
    Occlusion(window: 5, stride: 3),
  ]

  @Test func methodsAgreeWithOthers() throws {
    let fixture = try ExplanationFixture("residual")
    for row in 0..<2 {
      let picture = try fixture.picture(row)
      for method in Self.methods {
        let kind = type(of: method).kind
        let expected = try #require(fixture.maps[kind]).rows(row..<row + 1).elements
        var values = try method.attribution(of: picture).values.elements
        // Captum's saliency is the magnitude.
        if kind == "gradient" { values = values.map { abs($0) } }
        #expect(difference(values, expected) < 1e-4, "\(kind) of input \(row)")
      }
    }
  }

  @Test func principalMapsAgreeButForTheSign() throws {
    let fixture = try ExplanationFixture("residual")
    for row in 0..<2 {
      let picture = try fixture.picture(row)
      for method in [EigenCAM(), EigenGradCAM()] as [any ExplanationMethod] {
        let kind = type(of: method).kind
        let expected = try #require(fixture.maps[kind]).rows(row..<row + 1).elements
        let values = try method.attribution(of: picture).values.elements
        let differences = [1, -1].map { sign in difference(values, expected.map { max($0 * sign, 0) }) }
        #expect((differences.min() ?? 1) < 1e-4, "\(kind) of input \(row): \(differences)")
      }
    }
  }

  @Test func relevanceAgrees() throws {
    let fixture = try ExplanationFixture("chain")
    for row in 0..<2 {
      let picture = try fixture.picture(row)
      for rule in [LayerwiseRelevance.Rule.epsilon, .gamma] {
        let method = LayerwiseRelevance(rule, epsilon: rule == .gamma ? 1e-9 : 1e-2)
        let expected = try #require(fixture.maps["layerwiseRelevance.\(rule)"]).rows(row..<row + 1).elements
        let values = try method.attribution(of: picture).values.elements
        #expect(difference(values, expected) < 1e-4, "\(rule) of input \(row)")
      }
    }
  }

  @Test func integratedGradientsAddUpToTheScore() throws {
    let fixture = try ExplanationFixture("residual")
    let picture = try fixture.picture(0)
    let sum = try IntegratedGradients(steps: 200).attribution(of: picture).values.elements.reduce(0, +)
    let zero = Tensor(zeros: picture.input.shape)
    let expected = try picture.scores(ofInputs: picture.input)[0] - picture.scores(ofInputs: zero)[0]
    #expect(abs(sum - expected) < 0.01 * max(abs(expected), 1))
  }

  /// By halves, products and sums: what goes in at the score comes out at the input, but for biases.
  @Test func relevanceIsKept() throws {
    let description = try ModelDescription(
      yaml: """
        name: kept
        input: {shape: [2, 6, 6]}
        layers:
          - {name: a, kind: convolution, filters: 3, kernel: 3, padding: 1, bias: false}
          - {name: r, kind: relu}
          - {name: p, kind: globalAveragePooling}
          - {name: s, kind: sigmoid}
          - {name: m, kind: multiply, inputs: [r, s]}
          - {name: f, kind: flatten}
          - {name: d, kind: dense, units: 2, bias: false}
        """)
    let model = try Model(description, registry: ExplanationFixture.registry, seed: 3)
    var random = SeededRandom(seed: 1)
    let input = Tensor((0..<72).map { _ in random.uniform(in: -1...1) }, [1, 2, 6, 6])
    let picture = ExplainedPicture(try ExplainedModel(model), input: input, target: ExplainedTarget(1))
    let score = try picture.scores(ofInputs: input)[0]
    let sum = try LayerwiseRelevance(.z).attribution(of: picture).values.elements.reduce(0, +)
    #expect(abs(sum - score) < 1e-3 * max(abs(score), 0.1))
  }

  @Test func smoothGradWithoutNoiseIsTheGradient() throws {
    let fixture = try ExplanationFixture("residual")
    let picture = try fixture.picture(1)
    let plain = try InputGradient().attribution(of: picture).values.elements
    let smooth = try SmoothGrad(samples: 5, noise: 0).attribution(of: picture).values.elements
    #expect(difference(smooth, plain) < 1e-5)
    let noisy = try SmoothGrad(samples: 8, noise: 0.2).attribution(of: picture)
    #expect(difference(noisy.values.elements, plain) > 1e-3)
    #expect(try SmoothGrad(samples: 8, noise: 0.2).attribution(of: picture).values == noisy.values)
  }

  /// A score that is one pixel: masks find it.
  @Test func randomMasksFindWhatMatters() throws {
    let description = try ModelDescription(
      yaml:
        "{name: one, input: {shape: [1, 12, 16]}, layers: [{name: f, kind: flatten}, {name: d, kind: dense, units: 1}]}"
    )
    var weights = [Float](repeating: 0, count: 192)
    weights[4 * 16 + 11] = 1
    let model = try Model(
      description, registry: ExplanationFixture.registry,
      tensors: ["d.weight": Tensor(weights, [1, 192]), "d.bias": Tensor(zeros: [1])])
    let picture = ExplainedPicture(
      try ExplainedModel(model), input: Tensor(repeating: 1, [1, 1, 12, 16]), target: ExplainedTarget(0))
    let map = try RISE(masks: 2000, cells: 6).attribution(of: picture).map
    let hottest = try #require(map.values.indices.max { map.values[$0] < map.values[$1] })
    #expect(abs(hottest / 16 - 4) <= 1 && abs(hottest % 16 - 11) <= 1)
    #expect(try picture.activationsAreMissing())
  }

  /// A cover that changes nothing is no loss, whatever the order of sums; squares that leave gaps are refused.
  @Test func whatChangesNothingIsNoHeat() throws {
    let fixture = try ExplanationFixture("residual")
    let model = try ExplainedModel(fixture.model)
    let picture = ExplainedPicture(
      model, input: Tensor(zeros: fixture.input.shape.withoutBatch.batched(1)), target: ExplainedTarget(0))
    #expect(try Occlusion(window: 4).attribution(of: picture).map.largestMagnitude == 0)
    #expect(throws: ConfigurationError.self) { try Occlusion(window: 3, stride: 4).checkSettings() }
  }

  @Test func coresDoNotChangeMaps() throws {
    let fixture = try ExplanationFixture("residual")
    let (alone, shared) = (try fixture.picture(0), try fixture.picture(0, pool: WorkerPool(count: 3)))
    for method in [Occlusion(window: 4), SmoothGrad(samples: 9)] as [any ExplanationMethod] {
      let difference = difference(
        try method.attribution(of: shared).values.elements, try method.attribution(of: alone).values.elements)
      #expect(difference < 1e-4)
    }
  }

  @Test func everyMethodKeepsItsWord() throws {
    for type in BuiltinExplanations.all {
      var report = ContractReport("explanation method", kind: type.kind)
      type.init().checkContract(&report)
      #expect(report.passed && !report.checks.isEmpty, "\(report)")
    }
  }
}

extension ExplainedPicture {
  /// Whether the network has no layer with maps.
  fileprivate func activationsAreMissing() throws -> Bool {
    do {
      _ = try activations()
      return false
    } catch ExplanationError.unsuitable { return true }
  }
}
