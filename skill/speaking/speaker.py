"""The voice of the program: a text becomes sentences, each a clip from the cache, the engine, or a recording."""

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Final

from skill.errors import CharleyError
from skill.speaking.cache import ClipCache
from skill.speaking.captions import Captions
from skill.speaking.earcons import earcon_clip
from skill.speaking.player import Player
from skill.speaking.recorded import as_rendered, recorded
from skill.speaking.sentences import sentences
from skill.speaking.shaping import pause, trim
from skill.speaking.silent_engine import SilentEngine
from skill.speaking.voice import Clip, Delivery, Earcon, Engine, Playback

#: Seconds between two sentences: time to take the first one in.
_PAUSE: Final = 0.3
#: Seconds before the first clip is rendered ahead, so that what is said first does not wait for it.
_SETTLING: Final = 0.5
#: Seconds of rest between two clips rendered ahead, so that a conversation under way has the machine first.
_REST: Final = 0.02


class Speaker:
    """Speaks through an engine and a player, and shows what it says."""

    def __init__(
        self,
        engine: Engine,
        player: Player,
        captions: Captions,
        on_fault: Callable[[CharleyError], None],
        *,
        cache: ClipCache | None = None,
        delivery: Delivery | None = None,
        earcons: bool = True,
    ) -> None:
        """`on_fault` hears once that the engine has failed for good; another thread may call it.

        The engine and the player are closed with the speaker. `earcons`: False plays silence in their place.
        """
        self.delivery = delivery or Delivery()
        self._engine = engine
        self._player = player
        self._captions = captions
        self._on_fault = on_fault
        self._cache = cache
        self._earcons = earcons
        self._faulty = False
        self._closed = threading.Event()
        self._ahead: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._preparing: threading.Thread | None = None

    def say(self, text: str) -> Playback:
        """Start to speak and return at once."""
        playback = self._player.play(self.clips(text))
        self._captions.show(text)
        return playback

    def play(self, earcon: Earcon) -> Playback:
        """Start a short sound and return at once."""
        clip = earcon_clip(earcon)
        return self._player.play((clip,) if self._earcons else (pause(clip.seconds, clip.rate),))

    def prepare(self, texts: tuple[str, ...]) -> None:
        """Render into the cache in the background. Give it prompts only, never what a person said."""
        if self._cache is None:
            return
        for text in texts:
            for sentence in sentences(text):
                self._ahead.put(sentence)
        if self._preparing is None or not self._preparing.is_alive():
            self._preparing = threading.Thread(target=self._render_ahead, name="prompts", daemon=True)
            self._preparing.start()

    def close(self) -> None:
        """Stop sound and preparation."""
        self._closed.set()
        self._player.close()
        if self._preparing is not None:
            self._preparing.join()
        self._engine.close()

    def clips(self, text: str) -> Iterator[Clip]:
        """The sound of `text`, sentence by sentence, as it is said now. Never raises."""
        return self._clips(text, self.delivery)

    def _clips(self, text: str, delivery: Delivery) -> Iterator[Clip]:
        for position, sentence in enumerate(sentences(text)):
            clip = self._clip(sentence, delivery)
            if position:
                yield pause(_PAUSE, clip.rate)
            yield clip

    def _clip(self, sentence: str, delivery: Delivery) -> Clip:
        known = self._known(sentence, delivery)
        if known is not None:
            return known
        try:
            return trim(self._engine.render(sentence, delivery))
        except CharleyError as failure:
            if not self._faulty:
                self._faulty = True
                self._on_fault(failure)
            return recorded(sentence) or SilentEngine().render(sentence, delivery)

    def _known(self, sentence: str, delivery: Delivery) -> Clip | None:
        """What needs no rendering: at the first start the voice is not ready when the welcome is due."""
        identity = self._engine.identity
        kept = self._cache.get(identity, sentence, delivery) if self._cache else None
        return kept or as_rendered(identity, sentence, delivery)

    def _render_ahead(self) -> None:
        delivery, rest = self.delivery, _SETTLING
        while not self._closed.wait(rest):
            rest = _REST
            try:
                sentence = self._ahead.get_nowait()
            except queue.Empty:
                return
            self._keep(sentence, delivery)

    def _keep(self, sentence: str, delivery: Delivery) -> None:
        identity = self._engine.identity
        if self._cache is None or self._known(sentence, delivery) is not None:
            return
        try:
            clip = trim(self._engine.render(sentence, delivery))
        except CharleyError:
            return
        if self._engine.identity == identity:
            self._cache.put(identity, sentence, delivery, clip)
