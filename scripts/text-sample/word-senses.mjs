// @ts-check
/** Words of two senses; the word stands between underscores. */

/** @type {Readonly<Record<string, readonly (readonly string[])[]>>} */
export const SENSES = {
  bank: [
    [
      'The _bank_ of the river was steep.',
      'Willows grew on the left _bank_.',
      'They fished from the _bank_ of the Säve.',
      '🌊 The flood broke the _bank_ in two places.',
    ],
    [
      'She put her money in the _bank_.',
      'The _bank_ lends to farmers.',
      'Every _bank_ in town was closed.',
      '💰 The new _bank_ has a café.',
    ],
  ],
  spring: [
    [
      'In _spring_ the snow melts.',
      'The geese come back every _spring_.',
      'Last _spring_ was warm and dry.',
      '🌱 He sows beans in _spring_.',
    ],
    [
      'The water comes from a _spring_ in the hills.',
      'They drank from the _spring_.',
      'A clear _spring_ rises below the rock.',
      '💧 The _spring_ never freezes.',
    ],
  ],
  bark: [
    [
      'The _bark_ of the old oak is rough.',
      'Beetles live under the _bark_.',
      'She made a boat of _bark_.',
      '🌳 Goats eat the _bark_ off the trees.',
    ],
    [
      'The _bark_ of the dog woke us.',
      'We heard one short _bark_.',
      'His _bark_ is loud but he is kind.',
      '🐕 A _bark_ came from behind the gate.',
    ],
  ],
  match: [
    [
      'He lit the lamp with a _match_.',
      'The last _match_ was wet.',
      'A _match_ lay on the stove.',
      '🔥 She struck a _match_ in the dark.',
    ],
    [
      'Our side won the _match_.',
      'The _match_ was played in the rain.',
      'A thousand people saw the _match_.',
      '⚽ After the _match_ they shook hands.',
    ],
  ],
  letter: [
    [
      'The postman brought a _letter_.',
      'She wrote a long _letter_ to her son.',
      'The _letter_ came from Élavale.',
      '✉️ He burned the _letter_ unread.',
    ],
    [
      'The first _letter_ of the word is large.',
      'One _letter_ is missing on the sign.',
      'The child drew the _letter_ A.',
      '🔤 Every _letter_ was carved in stone.',
    ],
  ],
  ring: [
    [
      'She wore a gold _ring_.',
      'The _ring_ is too small for his finger.',
      'He lost the _ring_ in the meadow.',
      '💍 A _ring_ lay at the bottom of the well.',
    ],
    [
      'Give me a _ring_ when you are there.',
      'I will wait for your _ring_.',
      'One _ring_ and she picked up.',
      '☎️ There was a _ring_ at midnight.',
    ],
  ],
};
