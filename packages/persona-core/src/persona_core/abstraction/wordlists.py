"""Which words stand around noun phrases, which say too little by themselves, and what kind of thing a product is."""

from __future__ import annotations

DETERMINERS = {
    "a": "a", "an": "a", "the": "the", "my": "own", "our": "own", "your": "own", "their": "own", "his": "own", "her": "own",
} | dict.fromkeys("this that these those some any every each no its more less most many several few both all another other such what which".split(), "other")  # fmt: skip
"""A noun phrase begins behind them: how it is determined."""
PREPOSITIONS = frozenset(
    "of in on for with about from into through by without at during over between across via around against within behind per regarding using".split()
)
LINKING = frozenset(
    "is are was were be being been am it's that's i'm i've very so too really pretty quite feel feels felt seem seems become get gets got extremely bit".split()
)
"""Behind them an adjective is likelier than a noun."""
PASSED_OVER = frozenset("me us you them myself also just".split())
"""They may stand between a verb and its object."""
VAGUE_MODIFIERS = frozenset(
    """
    new good better best bad big bigger large small little long short high higher low lower full whole entire real true main major minor
    great nice different various current previous own old older extra additional general specific certain particular important necessary key
    basic simple easy easier hard difficult complex various multiple numerous single double main primary actual overall total correct wrong right
    happy able similar relevant useful helpful interesting original personal final initial same next last first second third past future
    common typical usual normal daily huge massive tiny perfect accurate clear quick fast slow potential possible available appropriate
    significant strong weak huge further early late later recent latest human creative professional technical
    """.split()
)
"""Left off at the beginning of a phrase where they are all that stands before a noun of its own."""
KEPT_MODIFIERS = frozenset("human creative professional technical personal daily early final".split())
SMALL_TOO = frozenset(
    "four five six seven eight nine ten hundred thousand three dozen according accordingly anyways ago throughout least else upon despite whenever alongside besides beyond anymore alone nor amongst among onto toward except online offline else's whatever".split()
)
"""Small words beside the stop words."""
TOO_VAGUE = frozenset(
    """
    thing things way ways time times lot lots kind kinds sort sorts bit part parts day days week weeks month months year years hour hours
    minute minutes something anything everything nothing stuff people person someone one ones example examples instance case cases end start beginning
    point points question questions answer answers fact sense reason reasons idea kinda number amount couple bunch rest side level area areas place type types
    aspect aspects issue issues problem problems situation situations interview conversation moment today yesterday tomorrow morning evening night
    terms term course matter word words hand hands head mind eye eyes ways back front top bottom lack use usage user need needs
    want yeah okay hello thanks thank hi etc um uh mhm guess difference differences result results response responses option options world life
    advantage advantages concern concerns choice ideal regard regards respect basis extent order manner place piece pieces other others
    guy guys man men woman women girl boy sir god hell honesty general particular future past present addition possibility chance
    view opinion thought thoughts feeling feelings sure likelihood deal scope position stage ability way step steps process approach task tasks
    thats dont didnt doesnt isnt wasnt cant wont ive youre theyre im hes shes its better worse best worst more less much many few only
    self right wrong good bad new old same different able possible likely free full long short high low
    multitude variety plethora majority minority portion percentage bulk handful set range series factor factors benefit benefits circumstance circumstances
    solution outcome change chain group field version element line product detail practice portion session quality topic content insight experience
    challenge material human context creation graphic angle determining structure wording sheet discovery environment value company practice tool
    improvement success majority importance opportunity opportunity potential treatment base interface goal purpose role job direction condition
    service activity event item feature function method style set-up setup piece volume scale standard space object case-by-case focus
    suggestion recommendation decision explanation description capability consideration requirement guideline expectation perspective knowledge
    understanding input output work working doing making using finding getting going having being trying thinking feeling
    look check hit brief power inside outside edge scratch board help logic impact nature connection assumption attention theme support online alone offline
    reasonable effective efficient section organisation organization technique title startup assistance hallucination reality degree kind-of combo gap
    concept task-specific overview rate total mode fun joy pain trick tip luck mood page column row hit miss go try show play run stop cause
    exact middle balance combination population mindset fraction deck abstract
    forward due fit exist prefer refine gives feels navigate execute interact collaborate streamline sounds hesitant limited crucial traditional
    time-consuming appear ton interest association representation significance kept ideal inspire engage aware align relevant accurate creative
    consistent overwhelmed worried comfortable careful familiar helpful confident skeptical sceptical wary interested concerned excited scared
    frustrated frustrating age background midst sake chunk form mix plus minus half third quarter majority subject object scene mine yours
    love hate hope help effort efforts attempt attempts
    non pre post sub semi along straight react vs vse versus period desire home name learning interaction frustration fear house water
    open longer shorter linear intermediate die mess keeping track web generation copy ceo country member guide room site region target limit format effect link pose
    """.split()
)
"""They say nothing by themselves."""
KINDS = {
    "AI assistants": "chatgpt chat-gpt gpt gpt-4 gpt-4o gpt4 gpt-3 gpt-5 claude gemini copilot co-pilot bard perplexity grok deepseek llama mistral notebooklm openai anthropic grammarly",
    "image generators": "midjourney dall-e dalle firefly runway sora leonardo flux",
    "design software": "photoshop illustrator figma canva indesign sketchup blender autocad solidworks lightroom premiere capcut davinci",
    "spreadsheets": "excel sheets airtable",
    "office software": "word powerpoint docs outlook gmail notion microsoft",
    "online meetings": "zoom teams webex skype",
    "work chats": "slack discord",
    "social media": "instagram facebook tiktok twitter linkedin reddit pinterest snapchat threads",
    "messaging apps": "whatsapp telegram imessage messenger",
    "online videos": "youtube vimeo netflix twitch",
    "web searches": "google bing wikipedia duckduckgo",
    "programming languages": "python java javascript typescript matlab julia rust fortran ruby php perl kotlin",
    "code hosting": "github gitlab bitbucket",
    "forums for programmers": "stackoverflow stackexchange",
    "online shops": "amazon ebay etsy shopify",
    "phones": "iphone android samsung pixel",
    "computers": "macbook mac windows linux ubuntu",
    "maps": "waze",
    "payment apps": "paypal venmo revolut",
    "taxi apps": "uber lyft",
}
"""A product is named by its kind."""
KIND_OF = {name: kind for kind, names in KINDS.items() for name in names.split()}
ORDINARY_TOO = frozenset(
    "word teams sheets docs notion threads windows premiere flux sora mac slack runway outlook zoom illustrator perplexity rust ruby amazon bard signal samsung pixel sketchup messenger threads matlab".split()
)
"""Products that are ordinary words, too: meant only where they stand with a capital in mid-sentence."""
NOUNS_TOO = frozenset(
    """
    work cost result focus stress input impact value trust risk pass speed help need care search love
    research design review report plan draft test study model process program project post code market record schedule screen show
    support film file filter format guide interview order pitch plot structure store track plan grade experience process move change
    check update view visit print paint cover pick estimate measure project answer display account analysis copy edit trip
    book call coach cook repair share sketch survey treat train
    """.split()
)
"""Verbs that end a noun phrase as nouns do."""
INGS_TOO = frozenset(
    "writing editing planning marketing programming testing coding training scheduling reporting teaching building shopping reading cooking modeling modelling screening pricing meeting learning painting drawing filming recording researching printing tracking interviewing engineering advertising brainstorming troubleshooting debugging".split()
)
"""Forms in -ing that end a noun phrase as nouns do."""
